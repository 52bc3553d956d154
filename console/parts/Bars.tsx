export interface BarsProps {
  /** `share`: how long the bar is, 0–1; `says`: the figure beside it. */
  rows: readonly { word: string; share: number; says: string }[]
}

/** A bar a line, with its figure: the bar alone says nothing. */
export function Bars({ rows }: BarsProps) {
  return (
    <ul className="bars">
      {rows.map(({ word, share, says }) => (
        <li key={word}>
          <span>{word}</span>
          <span className="bars-line" aria-hidden>
            <span style={{ width: `${share * 100}%` }} />
          </span>
          <strong>{says}</strong>
        </li>
      ))}
    </ul>
  )
}
