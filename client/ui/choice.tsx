import "./choice.css";

/** One of a few, as buttons in a row. */
export function Choice<Name extends string>({
  legend,
  name,
  options,
  chosen,
  disabled = false,
  choose,
}: {
  legend: string;
  name: string;
  options: Readonly<Record<Name, string>>;
  chosen: Name;
  disabled?: boolean;
  choose: (name: Name) => void;
}) {
  return (
    <fieldset class="choice" disabled={disabled}>
      <legend>{legend}</legend>
      {(Object.keys(options) as Name[]).map((option) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            checked={option === chosen}
            onChange={() => choose(option)}
          />
          <span>{options[option]}</span>
        </label>
      ))}
    </fieldset>
  );
}
