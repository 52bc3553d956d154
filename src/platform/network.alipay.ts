import { stateOf } from './networkType.ts'
import type { OnNetwork } from './types.ts'

/** Alipay tells type changes only; a weak line is a 2G one. */
export const onNetwork: OnNetwork = (changed) => {
  const told = ({ networkType }: { networkType: string }) => changed(stateOf(networkType))
  my.onNetworkStatusChange(told)
  my.getNetworkType({ success: told, fail: () => changed('online') })
  return () => my.offNetworkStatusChange(told)
}
