// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '上传支付凭证',
  navigationStyle: 'default',
})
