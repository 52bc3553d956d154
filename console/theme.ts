/**
 * Ant Design in the product's own look. No colour or size is written here: all come from
 * src/tokens.scss, so phone and console cannot drift apart. console.scss reads the same file.
 */
import type { ThemeConfig } from 'antd'
import source from '../src/tokens.scss?raw'
import { tokenReader } from './tokens.ts'

const { text, px } = tokenReader(source)

/** Fingers get the phone's tap size, mice a denser page. */
const byFinger = window.matchMedia('(pointer: coarse)').matches

export const theme: ThemeConfig = {
  token: {
    colorPrimary: text('primary'),
    colorPrimaryActive: text('primary-pressed'),
    colorPrimaryBg: text('primary-soft'),
    colorLink: text('primary'),
    colorLinkHover: text('primary-pressed'),
    colorTextLightSolid: text('on-primary'),
    colorInfo: text('primary'),
    colorSuccess: text('success'),
    colorWarning: text('warning'),
    colorWarningBg: text('warning-soft'),
    colorError: text('danger'),
    colorText: text('ink'),
    colorTextSecondary: text('ink-soft'),
    colorTextTertiary: text('ink-faint'),
    colorTextDescription: text('ink-faint'),
    colorTextPlaceholder: text('ink-faint'),
    colorBorder: text('line'),
    colorBorderSecondary: text('line'),
    colorBgContainer: text('surface'),
    colorBgLayout: text('page'),
    colorBgMask: text('veil'),
    borderRadius: px('radius-2'),
    borderRadiusLG: px('radius-3'),
    borderRadiusSM: px('radius-1'),
    boxShadowTertiary: text('shadow-1'),
    fontFamily: text('font'),
    fontSize: px('text-14'),
    controlHeight: byFinger ? px('tap') : 36,
    wireframe: false,
  },
  components: {
    Layout: { siderBg: text('surface'), headerBg: text('surface'), bodyBg: text('page') },
    Menu: {
      itemSelectedBg: text('primary-soft'),
      itemSelectedColor: text('primary'),
      itemHeight: byFinger ? px('tap') : px('space-8'),
      itemMarginBlock: 2,
      groupTitleFontSize: px('text-12'),
      groupTitleColor: text('ink-faint'),
    },
    Segmented: { trackBg: text('line') },
    Form: { itemMarginBottom: px('space-6'), verticalLabelPadding: `0 0 ${text('space-1')}` },
    Table: {
      cellPaddingBlockMD: px('space-2') + 2,
      cellPaddingInlineMD: px('space-6'),
      headerBg: text('surface'),
      headerColor: text('ink-faint'),
      headerSplitColor: 'transparent',
    },
  },
}
