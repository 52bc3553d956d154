// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '个人信息',
  navigationStyle: 'default',
})
