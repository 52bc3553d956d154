const browsers: readonly [RegExp, string][] = [
  [/MicroMessenger/, '微信'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly [RegExp, string][] = [
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/Linux/, 'Linux'],
]

/** 「Chrome · Windows」 of what a browser says of itself; the whole is on hover. */
export function agentWord(agent: string | null): string {
  const of = (list: typeof browsers) => list.find(([is]) => is.test(agent ?? ''))?.[1]
  return [of(browsers), of(systems)].filter(Boolean).join(' · ') || '未知设备'
}
