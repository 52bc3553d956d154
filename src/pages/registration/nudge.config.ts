// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '补充报名信息',
  navigationStyle: 'default',
})
