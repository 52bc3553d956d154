// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '订单详情',
  navigationStyle: 'default',
})
