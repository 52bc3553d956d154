/** The tables as Kysely sees them: one entry per table, written by hand beside the migrations. */
// biome-ignore lint/suspicious/noEmptyInterface: the first migration fills it
export interface Database {}
