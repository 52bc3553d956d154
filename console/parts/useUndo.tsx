import { App, Button } from 'antd'
import { useCallback } from 'react'

/** Long enough to see what happened, and to reach the button by keyboard. */
const seconds = 8

/** The reason that the log keeps of what was taken back. @spoken it is sent */
export const undone = '撤销'

/** Says that something is done, with 撤销 beside it for a while. One at a time: the last act's. */
export function useUndo() {
  const { message } = App.useApp()
  return useCallback(
    (done: string, undo: () => void) => {
      const key = 'undo'
      message.open({
        key,
        type: 'success',
        duration: seconds,
        content: (
          <span className="undo">
            {done}
            <Button
              type="link"
              size="small"
              onClick={() => {
                message.destroy(key)
                undo()
              }}
            >
              撤销
            </Button>
          </span>
        ),
      })
    },
    [message],
  )
}
