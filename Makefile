# snmove: moves cluster nodes from one service node to another.  Start with: make demo
#
# Every configuration has a build folder of its own (build, build/sanitize, ...), so nothing
# is cleaned to go from one to another.  DEVELOPER=1 turns warnings into errors.

VERSION   := 0.1
PREFIX    ?= /usr/local
DESTDIR   ?=
BUILD     ?= build
CC        ?= cc
CFLAGS    ?= -O2 -g
# Of these, what is not there is left out; snmove --version says so.
SERVER_PKGS := $(foreach p,libpq libmariadb,$(shell pkg-config --exists $(p) && echo $(p)))
CORE_PKGS := glib-2.0 gio-2.0 sqlite3 libssh2 jansson $(SERVER_PKGS)
LUA_PKG   := $(shell for p in lua5.4 lua-5.4 lua54 lua; do pkg-config --exists "$$p >= 5.4" && echo $$p && break; done)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wvla -Wundef -Wformat=2 -Wwrite-strings \
	-Wstrict-prototypes -Wmissing-prototypes $(if $(DEVELOPER),-Werror)
SANITIZE ?=
# One word a file; V=1 shows the commands.
quiet     = $(if $(V),,@echo "  $(1) $@" &&)
COMPILE   = $(call quiet,CC) $(CC) -std=c17 -D_GNU_SOURCE -DG_LOG_DOMAIN='"snmove"' -DSNMOVE_VERSION='"$(VERSION)"' \
	$(SERVER_PKGS:%=-DWITH_%) -I. $(WARNINGS) $(CFLAGS) $(SANITIZE)
LINK      = $(call quiet,LD) $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
pkg       = $(if $(shell pkg-config --exists '$(2)' && echo yes),$(shell pkg-config --$(1) '$(2)'),$(error pkg-config lacks one of: $(2) (run: make deps)))

CORE_SOURCES := $(filter-out $(if $(filter libpq,$(SERVER_PKGS)),,core/store/postgres.c) \
	$(if $(filter libmariadb,$(SERVER_PKGS)),,core/store/mariadb.c),$(shell find core -name '*.c'))
HOST_SCRIPTS := $(shell find core lua -name "*.sh" -o -name "*.pl")
TEST_LIBRARY := $(wildcard tests/lib/*.c)
UNIT_TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))
# Each program is its main and what that needs of the rest.
MAINS        := lua/command/snmove.c lua/command/rnetboot_program.c lua/author/snmove_lua.c
LUA_SOURCES  := $(filter-out $(MAINS),$(shell find lua -name '*.c'))
PROGRAMS     := $(BUILD)/snmove $(BUILD)/rnetboot $(BUILD)/snmove-lua


# What building, testing and linting needs: the name of each in Debian, and in Fedora.
DEPENDENCIES := \
	gcc:gcc make:make pkg-config:pkgconf-pkg-config \
	libglib2.0-dev:glib2-devel libsqlite3-dev:sqlite-devel liblua5.4-dev:lua-devel \
	libjansson-dev:jansson-devel libssh2-1-dev:libssh2-devel libpq-dev:libpq-devel \
	libmariadb-dev:mariadb-connector-c-devel openssh-client:openssh-clients iproute2:iproute strace:strace \
	bsdutils:util-linux libreadline-dev:readline-devel libcmocka-dev:libcmocka-devel sqlite3:sqlite \
	clang-format:clang-tools-extra clang-tidy:clang-tools-extra cppcheck:cppcheck \
	perl-base:perl-interpreter lua-check:luarocks shellcheck:ShellCheck mandoc:mandoc clustershell:clustershell
DEBIAN := $(foreach pair,$(DEPENDENCIES),$(firstword $(subst :, ,$(pair))))
FEDORA := $(sort $(foreach pair,$(DEPENDENCIES),$(lastword $(subst :, ,$(pair)))))
SUDO   := $(if $(filter-out 0,$(shell id -u)),sudo)

.PHONY: all deps lab-deps demo check lab lab-shell unit coverage lint matrix format sanitize bench install uninstall clean
all: $(PROGRAMS)

# core/ and its tests know nothing of Lua: neither the headers nor the library are in reach.
$(BUILD)/core/%.o: core/%.c Makefile | $(HOST_SCRIPTS:%=$(BUILD)/%.h)
	@mkdir -p $(@D)
	$(COMPILE) -I$(BUILD) -MMD -MP $(call pkg,cflags,$(CORE_PKGS)) -c -o $@ $<
# Scripts for hosts as a string, core/remote/put.sh as put_sh, without lines of comment.  They may be
# longer than what every compiler takes.
$(HOST_SCRIPTS:%=$(BUILD)/%.h): $(BUILD)/%.h: % Makefile
	@mkdir -p $(@D)
	$(call quiet,SH) { echo '#pragma GCC diagnostic ignored "-Woverlength-strings"'; \
		echo 'static const char $(subst .,_,$(<F))[] ='; \
		sed -e '/^[[:blank:]]*#/d' -e '/^$$/d' -e 's/[\\"]/\\&/g' -e 's/.*/"&\\n"/' $<; \
		echo ';'; } >$@
$(BUILD)/libcore.a: $(CORE_SOURCES:%.c=$(BUILD)/%.o)
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/lua/%.o: lua/%.c Makefile | $(HOST_SCRIPTS:%=$(BUILD)/%.h)
	@mkdir -p $(@D)
	$(COMPILE) -I$(BUILD) -MMD -MP $(call pkg,cflags,$(LUA_PKG) $(CORE_PKGS)) -c -o $@ $<
$(BUILD)/libhost.a: $(LUA_SOURCES:%.c=$(BUILD)/%.o)
	@rm -f $@
	@ar rcs $@ $^
$(BUILD)/snmove: $(BUILD)/lua/command/snmove.o $(BUILD)/libhost.a $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(LUA_PKG) $(CORE_PKGS))
$(BUILD)/rnetboot: $(BUILD)/lua/command/rnetboot_program.o $(BUILD)/libhost.a $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(LUA_PKG) $(CORE_PKGS))
$(BUILD)/snmove-lua: $(BUILD)/lua/author/snmove_lua.o $(BUILD)/libhost.a $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(LUA_PKG) readline $(CORE_PKGS))
$(BUILD)/tests/%.o: tests/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -DTEST_SOURCE='"$(CURDIR)"' $(call pkg,cflags,cmocka $(CORE_PKGS)) -c -o $@ $<
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(TEST_LIBRARY:%.c=$(BUILD)/%.o) $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,cmocka $(CORE_PKGS))
.SECONDARY:
.DELETE_ON_ERROR:

# Installs what is missing, and nothing when all is there.
deps:
	@if command -v apt-get >/dev/null; then \
		missing=$$(for p in $(DEBIAN); do \
			dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; \
		done); \
		[ -z "$$missing" ] || { $(SUDO) apt-get update && \
			$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; }; \
	elif command -v dnf >/dev/null; then \
		rpm -q $(FEDORA) >/dev/null || $(SUDO) dnf install -y $(FEDORA); \
	else \
		echo "install by hand what Debian calls: $(DEBIAN)"; exit 1; \
	fi

# Recipes that need what `deps` installs ask pkg-config only afterwards: in a make of their own.
demo: deps
	@$(MAKE) --no-print-directory all
	@tests/demo/run $(BUILD)
	@[ `id -u` != 0 ] || tests/lab/install || echo "the rest of the demo needs these"
	@$(MAKE) --no-print-directory $(BUILD)/tests/lab/labinit
	@tests/demo/lab $(BUILD)

check: deps
	@$(MAKE) --no-print-directory all unit $(BUILD)/tests/lab/labinit
	@tests/run $(BUILD) '$(TESTS)'

unit: $(UNIT_TESTS)

# What the unit tests alone reach of the door for changes, and of what stands below it.
coverage: deps
	@$(MAKE) --no-print-directory unit BUILD=build/coverage CFLAGS='-O0 -g --coverage'
	@tests/coverage build/coverage

# A cluster with real daemons in network namespaces of its own (tests/lab/README.md): its tests
# alone, and a shell on its management node.  lab-deps installs the daemons and starts none.
lab-deps:
	@tests/lab/install
	@tests/lab/packages $(BUILD)
lab: deps lab-deps
	@$(MAKE) --no-print-directory all $(BUILD)/tests/lab/labinit
	@tests/lab/run $(BUILD) '$(TESTS)'
lab-shell: deps lab-deps
	@$(MAKE) --no-print-directory all $(BUILD)/tests/lab/labinit
	@tests/lab/shell $(BUILD)
$(BUILD)/tests/lab/labinit: tests/lab/labinit.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC) $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O2 -static -o $@ $<
$(BUILD)/tests/lab/steady.so: tests/lab/steady.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC) $(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) -O2 -shared -fPIC -o $@ $<

bench: deps
	@$(MAKE) --no-print-directory all $(BUILD)/tests/bench/bench
	@tests/bench/run $(BUILD)
BENCH_OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/bench/*.c))
$(BUILD)/tests/bench/bench: $(BENCH_OBJECTS) $(BUILD)/libcore.a
	$(LINK) -o $@ $^ $(call pkg,libs,$(CORE_PKGS)) -lm

lint: deps
	@$(MAKE) --no-print-directory BUILD=build/developer DEVELOPER=1 all unit
	@tests/lint/run

# Moves killed at every point; `make check` takes samples.
matrix: deps lab-deps
	@$(MAKE) --no-print-directory all $(BUILD)/tests/lab/labinit $(BUILD)/tests/lab/steady.so
	@MATRIX=all tests/run $(BUILD) \
		'scripted/matrix\|scripted/author\|scripted/hook_tests\|scripted/model\|scripted/boot\|lab/test_files\|lab/test_dhcp_s\|lab/test_boot_s\|lab/test_node\|lab/test_own\|lab/test_verify\|lab/test_ganglia\|lab/test_snmp'

format:
	clang-format -i $$(find core lua tests -name '*.[ch]')

sanitize: deps
	@$(MAKE) --no-print-directory check BUILD=build/sanitize CFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all'

# share/snmove beside the program's folder is where it looks for its procedures.
SHARE = $(DESTDIR)$(PREFIX)/share/snmove
MAN   = $(DESTDIR)$(PREFIX)/share/man
install: all
	install -d $(DESTDIR)$(PREFIX)/sbin $(SHARE)/scripts/node $(SHARE)/site-hooks $(SHARE)/lua/api $(SHARE)/lua/author/new \
		$(foreach section,5 7 8,$(MAN)/man$(section)) $(DESTDIR)/etc/snmove/hooks
	install -d -m 700 $(DESTDIR)/var/lib/snmove
	install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/sbin
	install -m 644 scripts/*.lua $(SHARE)/scripts
	install -m 644 scripts/node/*.sh scripts/node/*.pl $(SHARE)/scripts/node
	install -m 644 lua/*.lua $(SHARE)/lua
	install -m 644 lua/luacheckrc $(SHARE)/lua
	sed 's|@SHARE@|$(PREFIX)/share/snmove|g' lua/luarc.json >$(SHARE)/lua/luarc.json
	chmod 644 $(SHARE)/lua/luarc.json
	install -m 644 lua/api/*.lua $(SHARE)/lua/api
	install -m 644 lua/author/*.lua $(SHARE)/lua/author
	install -m 644 lua/author/new/*.lua $(SHARE)/lua/author/new
	$(foreach hook,$(wildcard site-hooks/*.lua),install -m 644 $(hook) $(SHARE)/site-hooks;)
	$(foreach page,$(wildcard docs/*.[578]),install -m 644 $(page) $(MAN)/man$(subst .,,$(suffix $(page)));)
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/sbin/,$(notdir $(PROGRAMS)))
	$(foreach page,$(wildcard docs/*.[578]),rm -f $(MAN)/man$(subst .,,$(suffix $(page)))/$(notdir $(page));)
	rm -rf $(SHARE)

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
