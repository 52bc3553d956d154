/** Mini-programs lead back by their own bar, which a dialog does not change (back.ts). */
export const guardDialog = (_onBack: () => void) => () => {}

export const leaveDialogs = (): Promise<void> => Promise.resolve()
