/** The sentence for a field, or for one of its parts. */
export function partOfError(
  errors: Readonly<Record<string, string>>,
  fieldId: string,
  part?: string,
): string | undefined {
  return errors[part === undefined ? fieldId : `${fieldId}.${part}`]
}
