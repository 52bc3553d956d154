// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '页面不存在',
  navigationStyle: 'default',
})
