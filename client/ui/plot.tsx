import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** What all plots are drawn with. */
export interface Pen {
  /** The theme's colour of this name, as the style sheet has it. */
  readonly colour: (name: string) => string;
  readonly axis: uPlot.Axis;
}

export type PlotOptions = Omit<uPlot.Options, "width" | "height">;

/**
 * A plot as wide as what it is in, drawn anew when that or the theme changes. It is hidden from screen
 * readers: whoever shows it puts a table beside it.
 * @param plan not called again until `data` is something else
 */
export function Plot({ plan, data }: { plan: (pen: Pen) => PlotOptions; data: uPlot.AlignedData }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current!;
    const around = element.parentElement!;
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(
        { width: around.clientWidth, height: 170, ...plain, ...plan(penOf()) },
        data,
        element,
      );
    };
    draw();
    const resize = new ResizeObserver(draw);
    resize.observe(around);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resize.disconnect();
      theme.disconnect();
      plot?.destroy();
    };
  }, [JSON.stringify(data)]);
  return <div ref={host} aria-hidden="true" />;
}

const plain = { legend: { show: false }, cursor: { show: false } };

function penOf(): Pen {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    colour,
    axis: {
      stroke: colour("muted"),
      font: "12px system-ui, sans-serif",
      grid: { stroke: colour("line"), width: 1 },
      ticks: { show: false },
    },
  };
}
