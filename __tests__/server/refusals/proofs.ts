/** Refusals of proofs: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function proofsRefusals(): void {}
