// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '紧急通知',
  navigationStyle: 'default',
})
