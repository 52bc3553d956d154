// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '支付凭证验证',
  navigationStyle: 'default',
})
