import type { Quote } from '@jiyue/contract/pricing'
import { Text, View } from '@tarojs/components'
import { Card } from '../../parts/Page.tsx'
import { Price } from '../../parts/Price.tsx'
import './quoteCard.scss'

/** Every fen with its name; a deposit on its own line with the way back (P5). */
export function QuoteCard({ quote }: { quote: Quote }) {
  return (
    <Card title="价格明细">
      {quote.lines.map(({ kind, label, amountFen, note }) => (
        <View key={`${kind}${label}`} className="quote__line">
          <View className="quote__name">
            <Text>{label}</Text>
            {note ? <Text className="quote__note">{note}</Text> : null}
          </View>
          <View className={kind === 'discount' ? 'quote__discount' : ''}>
            <Price fen={amountFen} size="small" />
          </View>
        </View>
      ))}
      <View className="quote__line quote__line--sum">
        <Text>应付合计</Text>
        <Price fen={quote.payableFen} />
      </View>
      <Text className="quote__includes">{quote.includes}</Text>
    </Card>
  )
}
