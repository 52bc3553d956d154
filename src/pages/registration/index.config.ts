// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '报名',
  navigationStyle: 'default',
})
