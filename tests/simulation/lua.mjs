// A Lua script of Redis, compiled once, in a Lua interpreter.
import fengari from "fengari";

const { lua, lauxlib, lualib, to_jsstring, to_luastring } = fengari;

/** All scripts run in one interpreter, one after the other, as in Redis. They share nothing: their global variables are `KEYS`, `ARGV` and `redis`. */
const state = lauxlib.luaL_newstate();
lualib.luaL_openlibs(state);

/** Carries out the commands of the script that is running. */
let perform;

/** A result of a command: text, a small whole number, a list, or nothing. */
function push(value) {
  if (value === null || value === undefined) lua.lua_pushboolean(state, false);
  else if (typeof value === "number") lua.lua_pushinteger(state, value);
  else if (typeof value === "string") lua.lua_pushstring(state, to_luastring(value));
  else pushList(value);
}

function pushList(values) {
  lua.lua_createtable(state, values.length, 0);
  values.forEach((value, place) => {
    push(value);
    lua.lua_rawseti(state, -2, place + 1);
  });
}

/** Numbers become text as Redis writes them; integers up to 2^53 have no exponent in either language. */
function argument(place) {
  if (!lua.lua_isnumber(state, place) || lua.lua_type(state, place) === lua.LUA_TSTRING) return to_jsstring(lua.lua_tostring(state, place));
  return String(lua.lua_tonumber(state, place));
}

/** `redis.call` */
function call() {
  const [name, ...rest] = Array.from({ length: lua.lua_gettop(state) }, (_, place) => argument(place + 1));
  push(perform(name, ...rest));
  return 1;
}

lua.lua_createtable(state, 0, 1);
lua.lua_pushcfunction(state, call);
lua.lua_setfield(state, -2, to_luastring("call"));
lua.lua_setglobal(state, to_luastring("redis"));

function checked(status) {
  if (status === lua.LUA_OK) return;
  const message = to_jsstring(lua.lua_tostring(state, -1));
  lua.lua_settop(state, 0);
  throw new Error(`Lua: ${message}`);
}

/** A function that runs a script: it takes the keys, the arguments, and a function that carries out a command. */
export function compileScript(source) {
  checked(lauxlib.luaL_loadstring(state, to_luastring(source)));
  const reference = lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX);
  return (keys, args, command) => {
    perform = command;
    pushList(keys);
    lua.lua_setglobal(state, to_luastring("KEYS"));
    pushList(args);
    lua.lua_setglobal(state, to_luastring("ARGV"));
    lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, reference);
    checked(lua.lua_pcall(state, 0, 1, 0));
    const result = to_jsstring(lua.lua_tostring(state, -1));
    lua.lua_settop(state, 0);
    return result;
  };
}
