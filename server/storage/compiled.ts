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
  const query = build(placeholders as Parameters).compile();
  return (values) => ({
    ...query,
    parameters: query.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.name as keyof Parameters] : parameter,
    ),
  });
}
