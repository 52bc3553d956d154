// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '投诉与建议',
  navigationStyle: 'default',
})
