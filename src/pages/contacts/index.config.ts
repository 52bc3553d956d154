// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '常用信息',
  navigationStyle: 'default',
})
