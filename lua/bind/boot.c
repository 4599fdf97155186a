/* The Lua face of boot entries as texts: what a node boots, and the same from another server.
 */
#include "core/services.h"
#include "core/base.h"
#include "lua/bind/boot.h"
#include "lua/bind/remote_call.h"
#include "lua/runtime/runtime.h"

/* services.kind(text or false) -> what a node with this boot entry boots next */
static int l_kind(lua_State *L)
{
	Take *take = take_new(L, 1);
	const char *text = lua_toboolean(L, 1) ? take_text(take, 1, NULL) : NULL;
	void **box = binding_box(L, g_free);

	*box = boot_kind(text);
	lua_pushstring(L, *box);
	return 1;
}

/* services.state_kind(state) -> what chain.currstate says of it */
static int l_state_kind(lua_State *L)
{
	Take *take = take_new(L, 1);
	const char *state = take_text(take, 1, NULL);
	void **box = binding_box(L, g_free);

	*box = boot_state_kind(state);
	lua_pushstring(L, *box);
	return 1;
}

static void unref_array(gpointer array)
{
	if (array)
		g_ptr_array_unref(array);
}

/* services.files(text) -> {{path=, content=} or {path=, link=}, ...} by their paths */
static int l_files(lua_State *L)
{
	Take *take = take_new(L, 1);
	const char *text = take_text(take, 1, NULL);
	void **box = binding_box(L, unref_array);
	GPtrArray *files = *box = boot_files(text, NULL);

	luaL_argcheck(L, files != NULL, 1, "no boot entry");
	lua_createtable(L, (int)files->len, 0);
	for (guint i = 0; i < files->len; i++) {
		const BootFile *file = files->pdata[i];

		lua_createtable(L, 0, 2);
		lua_pushstring(L, file->path);
		lua_setfield(L, -2, "path");
		if (file->target)
			lua_pushstring(L, file->target);
		else
			lua_pushlstring(L, file->content, file->length);
		lua_setfield(L, -2, file->target ? "link" : "content");
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* The fields of the table at 3. */
static HostsPlace take_place(Take *take)
{
	return (HostsPlace){ take_text_field(take, 3, "server", "name"),
			     take_text_field(take, 3, "server", "ipv4"),
			     take_text_field(take, 3, "server", "ipv6") };
}

/* services.take_over({node = text}, names, {name=, ipv4=, ipv6=}) -> {node = text} */
static int l_take_over(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Take *take = take_new(L, 3);
	guint n, n_names;
	const TakePair *texts = take_pairs(take, 1, "the texts", FALSE, &n);
	const char *const *names = take_names(take, 2, "the names", &n_names);
	HostsPlace place;
	void **words, **text;

	take_check_table(L, 3, NULL);
	place = take_place(take);
	luaL_argcheck(L, place.name != NULL, 3, "the server has a name");
	words = binding_box(L, (GDestroyNotify)hosts_words_free);
	text = binding_box(L, g_free);
	*words = hosts_words_new(context->hosts, names, n_names);
	lua_createtable(L, 0, (int)n);
	for (guint i = 0; i < n; i++) {
		*text = boot_take_over(*words, &place, texts[i].text);
		if (!*text)
			luaL_error(L, "%s: no boot entry", texts[i].name);
		lua_pushstring(L, *text);
		lua_setfield(L, -2, texts[i].name);
		g_clear_pointer((char **)text, g_free);
	}
	return 1;
}

static const luaL_Reg functions[] = {
	{ "files", l_files },	      { "kind", l_kind }, { "state_kind", l_state_kind },
	{ "take_over", l_take_over }, { NULL, NULL },
};

void bind_boot(lua_State *L)
{
	binding_add_functions(L, functions);
}
