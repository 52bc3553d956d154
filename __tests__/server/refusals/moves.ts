/** Refusals of moves: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function movesRefusals(): void {}
