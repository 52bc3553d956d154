export { pictureText } from './pictureText.weapp.ts'
