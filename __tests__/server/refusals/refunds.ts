/** Refusals of refunds: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function refundsRefusals(): void {}
