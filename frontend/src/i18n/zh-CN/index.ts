// The Chinese messages, one file per feature.
const files = import.meta.glob<Record<string, unknown>>('./*.json', {
  import: 'default',
  eager: true,
})

export default Object.fromEntries(
  Object.entries(files).map(([path, messages]) => [path.slice(2, -'.json'.length), messages]),
)
