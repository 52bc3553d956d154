/** For a select: what has an id and a name. */
export const asOption = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name })
