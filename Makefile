# snmove: moves cluster nodes from one service node to another.  Start with: make demo
#
# Every configuration has a build folder of its own (build, build/sanitize, ...), so nothing
# is cleaned to go from one to another.  DEVELOPER=1 turns warnings into errors.

VERSION   := 0.1
PREFIX    ?= /usr/local
BUILD     ?= build
CC        ?= cc
CFLAGS    ?= -O2 -g
CORE_PKGS := glib-2.0 sqlite3
LUA_PKG   := $(shell for p in lua5.4 lua-5.4 lua54 lua; do pkg-config --exists "$$p >= 5.4" && echo $$p && break; done)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes $(if $(DEVELOPER),-Werror)
SANITIZE ?=
COMPILE   = $(CC) -std=c17 -D_GNU_SOURCE -DG_LOG_DOMAIN='"snmove"' -DSNMOVE_VERSION='"$(VERSION)"' \
	-I. $(WARNINGS) $(CFLAGS) $(SANITIZE)
LINK      = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
pkg       = $(if $(shell pkg-config --exists '$(2)' && echo yes),$(shell pkg-config --$(1) '$(2)'),$(error pkg-config lacks one of: $(2) (run: make deps)))

CORE_SOURCES := $(wildcard core/*/*.c)
TEST_LIBRARY := $(wildcard tests/lib/*.c)
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
LUA_MAINS    := lua/snmove.c lua/snmove_lua.c lua/options.c
LUA_OBJECTS  := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(LUA_MAINS),$(wildcard lua/*.c)))
PROGRAMS     := $(BUILD)/snmove $(BUILD)/snmove-lua

.PHONY: all deps demo check unit lint format sanitize bench install uninstall clean
all: $(PROGRAMS)

# core/ and its tests know nothing of Lua: neither the headers nor the library are in reach.
$(BUILD)/core/%.o: core/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP $(call pkg,cflags,$(CORE_PKGS)) -c -o $@ $<
$(BUILD)/libcore.a: $(CORE_SOURCES:%.c=$(BUILD)/%.o)
	rm -f $@
	ar rcs $@ $^
$(BUILD)/lua/%.o: lua/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP $(call pkg,cflags,$(LUA_PKG) $(CORE_PKGS)) -c -o $@ $<
$(BUILD)/snmove: $(LUA_OBJECTS) $(BUILD)/lua/options.o $(BUILD)/lua/snmove.o $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(LUA_PKG) $(CORE_PKGS))
$(BUILD)/snmove-lua: $(LUA_OBJECTS) $(BUILD)/lua/snmove_lua.o $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(LUA_PKG) readline $(CORE_PKGS))
$(BUILD)/tests/%.o: tests/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -DTEST_SOURCE='"$(CURDIR)"' $(call pkg,cflags,cmocka $(CORE_PKGS)) -c -o $@ $<
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(TEST_LIBRARY:%.c=$(BUILD)/%.o) $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,cmocka $(CORE_PKGS))
.SECONDARY:

unit: $(UNIT_TESTS)

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
