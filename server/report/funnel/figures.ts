/** What the funnel counts (M4 X6), from visits that look alike: pure, every figure in one line. */

/** Visits that look alike: of one service, how far they came; `visits`: how many. */
export interface VisitShape {
  /** null: over all services, where a visit counts once. */
  serviceId: string | null
  sawSlots: boolean
  choseSlot: boolean
  held: boolean
  /** The last step of the form that was seen; null: none. */
  step: number | null
  registered: boolean
  paid: boolean
  /** Not paid, but an order of it still has its hold or its payment clock. */
  open: boolean
  /** Fields of the form that were touched, and the last of them. */
  touched: readonly string[]
  lastField: string | null
  visits: number
}

/** The form of a service, as far as a funnel needs it. */
export interface FunnelForm {
  steps: readonly string[]
  fields: readonly { id: string; label: string; step?: number | undefined }[]
}

export interface FunnelSteps {
  visits: number
  /** Slots were shown; one was chosen. Who held a slot did both. */
  sawSlots: number
  choseSlot: number
  held: number
  registered: number
  paid: number
  /** Of those held and not registered, of those registered and not paid: may still do so. */
  registering: number
  paying: number
}

export interface FormDropOff {
  /** Seen by so many visits, or a later one was; `left`: they came no further, and it is too late. */
  steps: { title: string; reached: number; left: number }[]
  /** `left`: it was the last one touched by who left. */
  fields: { id: string; label: string; touched: number; left: number }[]
  /** Held, and left without seeing the form; left having touched no field. */
  leftUnseen: number
  leftUntouched: number
}

export function stepsOf(shapes: readonly VisitShape[]): FunnelSteps {
  return {
    visits: count(shapes, () => true),
    sawSlots: count(shapes, (one) => one.sawSlots || one.choseSlot || one.held),
    choseSlot: count(shapes, (one) => one.choseSlot || one.held),
    held: count(shapes, (one) => one.held),
    registered: count(shapes, (one) => one.registered),
    paid: count(shapes, (one) => one.paid),
    registering: count(shapes, (one) => one.held && !one.registered && one.open),
    paying: count(shapes, (one) => one.registered && !one.paid && one.open),
  }
}

/** Where the form of a service loses people. Shapes of that service only. */
export function dropOffOf(shapes: readonly VisitShape[], form: FunnelForm): FormDropOff {
  const held = shapes.filter((one) => one.held)
  const left = held.filter((one) => !one.registered && !one.open)
  const last = form.fields.reduce((most, field) => Math.max(most, field.step ?? 0), 0)
  /** -1: none was seen. A form that had more steps once ends with its last one now. */
  const farthest = ({ step, registered }: VisitShape) =>
    registered ? last : Math.min(step ?? -1, last)
  const titles = Array.from({ length: last + 1 }, (_, i) => form.steps[i] ?? `第 ${i + 1} 步`)
  return {
    steps: titles.map((title, step) => ({
      title,
      reached: count(held, (one) => farthest(one) >= step),
      left: count(left, (one) => farthest(one) === step),
    })),
    fields: form.fields.map(({ id, label }) => ({
      id,
      label,
      touched: count(held, (one) => one.touched.includes(id)),
      left: count(left, (one) => one.lastField === id),
    })),
    leftUnseen: count(left, (one) => farthest(one) < 0),
    leftUntouched: count(left, (one) => farthest(one) >= 0 && one.lastField === null),
  }
}

function count(shapes: readonly VisitShape[], fits: (one: VisitShape) => boolean): number {
  return shapes.reduce((sum, one) => (fits(one) ? sum + one.visits : sum), 0)
}
