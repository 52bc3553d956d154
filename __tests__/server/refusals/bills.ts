/** Refusals of bills: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function billsRefusals(): void {}
