/** Proof of a payment that was not recognised (P10): the last step, after notices, queries, bills. */

export const proofStates = {
  submitted: '审核中',
  approved: '已通过',
  rejected: '未通过',
} as const
export type ProofState = keyof typeof proofStates

/** What looks wrong about a proof; the merchant sees it, the person does not. */
export const proofFlags = {
  same_picture: '与其他凭证图片完全相同',
  alike_picture: '与其他凭证图片高度相似',
  amount_differs: '填写金额与应付金额不一致',
  transaction_known: '交易单号已属于另一笔支付',
  gateway_says_unpaid: '支付平台查询结果为未支付',
} as const
export type ProofFlag = keyof typeof proofFlags

/** Pictures people may send: what the file itself is, whatever its name says. */
export const pictureTypes = ['image/jpeg', 'image/png', 'image/webp'] as const
/** Largest file accepted; phones compress before they send. */
export const pictureBytes = 5 * 1024 * 1024
