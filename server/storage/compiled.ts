import type { Compilable, CompiledQuery } from "kysely";

/** Stands for a value in a query that is compiled before the value is known. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Compiles a query once, since to build and compile it takes longer than to run it.
 * @param build uses the parameters that it is given as values, and nothing else of them
 * @returns the query with these values for its parameters
 */
export function compiled<Parameters extends object, Result>(
  build: (parameters: Parameters) => Compilable<Result>,
): (parameters: Parameters) => CompiledQuery<Result> {
  const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });
  const { query, queryId, sql, parameters } = build(placeholders as Parameters).compile();
  const filled = (parameter: unknown, values: Parameters) =>
    parameter instanceof Placeholder ? values[parameter.name as keyof Parameters] : parameter;
  return (values) => ({
    query,
    queryId,
    sql,
    parameters: parameters.map((parameter) => filled(parameter, values)),
  });
}
