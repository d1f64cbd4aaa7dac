import { effect, signal } from "@preact/signals";
import { recall, remember } from "../browser/local-storage.ts";

const key = "dagger-dojo.theme";
const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const signs: Readonly<Record<Theme, string>> = { auto: "◐", light: "○", dark: "●" };

const theme = signal<Theme>(read());

function read(): Theme {
  const kept = recall(key) as Theme;
  return themes.includes(kept) ? kept : "auto";
}

const system = matchMedia("(prefers-color-scheme: dark)");
const dark = signal(system.matches);
system.addEventListener("change", ({ matches }) => {
  dark.value = matches;
});

effect(() => {
  const chosen = theme.value === "auto" ? (dark.value ? "dark" : "light") : theme.value;
  document.documentElement.dataset.theme = chosen;
});

export function ThemeButton() {
  const turn = () => {
    theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length]!;
    remember(key, theme.value);
  };
  return (
    <button
      type="button"
      class="quiet"
      title="Light, dark, or like your system"
      aria-label={`${theme.value} theme`}
      onClick={turn}
    >
      <span aria-hidden="true">{signs[theme.value]}</span>
      <span class="theme-name">{theme.value}</span>
    </button>
  );
}
