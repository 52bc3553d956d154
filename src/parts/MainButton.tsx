import { Text, View } from '@tarojs/components'
import { Icon, type IconName } from './Icon.tsx'
import './mainButton.scss'
import { Tap } from './Tap.tsx'

interface MainButtonProps {
  text: string
  onTap: () => void
  /** main: the one next step of the screen; plain: beside it; danger: takes something away. */
  look?: 'main' | 'plain' | 'danger'
  icon?: IconName
  /** In a list, beside other things. */
  small?: boolean
  /** Something is under way: taps wait. */
  busy?: boolean
  disabled?: boolean
}

/** The buttons of the product; one `main` a screen. */
export function MainButton({
  text,
  onTap,
  look = 'main',
  icon,
  small,
  busy,
  disabled,
}: MainButtonProps) {
  return (
    <Tap
      onTap={onTap}
      disabled={busy || disabled}
      className={`main-button main-button--${look} ${small ? 'main-button--small' : ''} ${disabled ? 'main-button--off' : ''}`}
    >
      {busy ? <View className="main-button__ring" /> : icon ? <Icon name={icon} /> : null}
      <Text className="main-button__text">{text}</Text>
    </Tap>
  )
}
