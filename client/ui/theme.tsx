import { effect, signal } from "@preact/signals";

const key = "dagger-dojo.theme";
const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const theme = signal<Theme>(read());

function read(): Theme {
  try {
    const kept = localStorage.getItem(key) as Theme;
    return themes.includes(kept) ? kept : "auto";
  } catch {
    return "auto";
  }
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
    try {
      localStorage.setItem(key, theme.value);
    } catch {
      // It holds for this visit.
    }
  };
  return (
    <button type="button" class="quiet" onClick={turn} title="Light, dark or as the system has it">
      <span aria-hidden="true">◐</span> {theme.value}
      <span class="hidden"> theme</span>
    </button>
  );
}
