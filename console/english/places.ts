/** Where the console's Chinese texts are: files from the root of the repository. */

/** Built into the console with a lookup before each text. */
export const isRewritten = (file: string): boolean =>
  /^(console|contract)\/.*\.tsx?$/.test(file) &&
  !/^console\/english\//.test(file) &&
  !isSpoken(file)

/**
 * Their sentences reach the console as they are, with facts in them: the server's, and those of the
 * checks that a phone runs too. `translated` finds them in the catalogue by their pattern.
 */
export const isSpoken = (file: string): boolean => spoken.test(file)

const spoken = new RegExp(
  `^(${[
    'contract/(fields|schema)/.*',
    'server/amendment/amendment',
    'server/booking/(area|calendar|console|price|resources|service(Photos|Settings)|settings|slotMove)',
    'server/booking/schedule/(missing|present|schedule)',
    'server/coupons/coupons',
    'server/disruption/(act|follow)',
    'server/feedback/(complaints|desk|feedback|tellWechat|view)',
    'server/negotiation/(answer|negotiation)',
    'server/payment/(byHand|cancel|offline|payment.routes)',
    'server/payment/bills/(differences|failures)',
    'server/payment/refunds/otherwise',
    'server/privacy/erase',
    'server/registration/(pictures|registration)',
    'server/report/funnel/figures',
    'server/waits/offers',
  ].join('|')})\\.ts$`,
)

/** Words that no source of ours has: the days of `chinese-days`, the legal calendar. */
export const elsewhere = ['元旦', '春节', '清明', '劳动节', '端午', '中秋', '国庆节']
