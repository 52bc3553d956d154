/** Refusals of receipts: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function receiptsRefusals(): void {}
