export default definePageConfig({ navigationBarTitleText: '即约' })
