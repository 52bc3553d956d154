/** Pages of the mini-program: three tabs in the main package, one sub-package per step. */
export default defineAppConfig({
  pages: ['pages/home/index', 'pages/orders/index', 'pages/me/index', 'pages/home/missing'],
  subPackages: [
    { root: 'pages/booking', pages: ['index'] },
    { root: 'pages/registration', pages: ['index', 'nudge'] },
    { root: 'pages/payment', pages: ['index', 'success', 'proof'] },
    { root: 'pages/order', pages: ['index', 'answer'] },
    { root: 'pages/move', pages: ['index', 'disruption'] },
    { root: 'pages/receipt', pages: ['index'] },
    { root: 'pages/inbox', pages: ['index'] },
    { root: 'pages/feedback', pages: ['index', 'talk'] },
    { root: 'pages/contacts', pages: ['index'] },
    { root: 'pages/privacy', pages: ['index'] },
  ],
  // While the user reads one step, the next one is fetched.
  preloadRule: {
    'pages/home/index': { network: 'all', packages: ['pages/booking'] },
    'pages/booking/index': { network: 'all', packages: ['pages/registration'] },
    'pages/registration/index': { network: 'all', packages: ['pages/payment'] },
  },
  window: {
    navigationBarTitleText: '即约',
    navigationBarBackgroundColor: '#ffffff',
    navigationBarTextStyle: 'black',
    backgroundColor: '#f6f5fa',
    backgroundTextStyle: 'dark',
  },
  tabBar: {
    color: '#686579',
    selectedColor: '#5b3fc4',
    backgroundColor: '#ffffff',
    borderStyle: 'white',
    list: [
      {
        pagePath: 'pages/home/index',
        text: '首页',
        iconPath: 'tabs/home.png',
        selectedIconPath: 'tabs/home-on.png',
      },
      {
        pagePath: 'pages/orders/index',
        text: '订单',
        iconPath: 'tabs/orders.png',
        selectedIconPath: 'tabs/orders-on.png',
      },
      {
        pagePath: 'pages/me/index',
        text: '我的',
        iconPath: 'tabs/me.png',
        selectedIconPath: 'tabs/me-on.png',
      },
    ],
  },
  // WeChat asks before personal data is read (facts 6.3); needed by old base libraries.
  __usePrivacyCheck__: true,
  // For places on the map (B3).
  requiredPrivateInfos: ['chooseLocation'],
  lazyCodeLoading: 'requiredComponents',
  // Taro's sliding of pages leaves a blank one behind for whoever goes back while it slides
  // (NervJS/taro#13365), and phones slide by themselves when a finger swipes back.
  ...(process.env.TARO_ENV === 'h5' && { animation: false }),
})
