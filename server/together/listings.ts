/** The hash of Colyseus' driver. */
export const listings = "roomcaches";

/** Writes a listing unless another process has one; 0 where it has, -1 where there is none to write over. */
export const write = `
local kept = redis.call("hget", KEYS[1], ARGV[1])
if kept and cjson.decode(kept).processId ~= ARGV[2] then return 0 end
if not kept and ARGV[4] == "over" then return -1 end
redis.call("hset", KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** Removes those of these listings that are a process's. */
export const removeOf = `
local removed = 0
for i = 2, #ARGV do
  local kept = redis.call("hget", KEYS[1], ARGV[i])
  if kept and cjson.decode(kept).processId == ARGV[1] then
    removed = removed + redis.call("hdel", KEYS[1], ARGV[i])
  end
end
return removed`;
