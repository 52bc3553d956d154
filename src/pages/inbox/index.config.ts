// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '消息',
  navigationStyle: 'default',
})
