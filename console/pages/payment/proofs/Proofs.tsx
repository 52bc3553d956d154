import { Segmented } from 'antd'
import { Outlet, useNavigate, useSearchParams } from 'react-router'
import { useAsk } from '../../../asking.ts'
import { paths } from '../../../paths.ts'
import { Decided } from './Decided.tsx'
import { Queue } from './Queue.tsx'

/** 凭证审核: the last step of P10. What waits is gone through one by one; what was decided can be read. */
export function Component() {
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const waiting = useAsk('listProofs', { query: { state: 'submitted' } }).data?.waiting
  const state = search.get('state') === 'decided' ? 'decided' : 'submitted'
  const bar = (
    <Segmented<'submitted' | 'decided'>
      aria-label="凭证"
      value={state}
      options={[
        { value: 'submitted', label: waiting ? `待审核 ${waiting}` : '待审核' },
        { value: 'decided', label: '已处理' },
      ]}
      onChange={(value) =>
        navigate(paths.proofs({ state: value === 'decided' ? value : undefined }))
      }
    />
  )
  return (
    <>
      {state === 'decided' ? <Decided bar={bar} /> : <Queue bar={bar} />}
      <Outlet />
    </>
  )
}
