// `default` also gives browsers a bar with a way back.
export default definePageConfig({
  navigationBarTitleText: '是否确认参与',
  navigationStyle: 'default',
})
