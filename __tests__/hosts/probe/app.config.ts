export default defineAppConfig({
  pages: ['pages/home/index'],
  subPackages: [{ root: 'pages/far', pages: ['index'] }],
  window: { navigationBarTitleText: '探针' },
})
