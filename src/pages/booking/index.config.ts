// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '预约',
  navigationStyle: 'default',
})
