/** Refusals of people: a row `refuses(endpoint, code, how)` each (setting.ts). */
export function peopleRefusals(): void {}
