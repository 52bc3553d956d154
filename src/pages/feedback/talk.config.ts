// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '我的反馈',
  navigationStyle: 'default',
})
