// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '验证凭证',
  navigationStyle: 'default',
})
