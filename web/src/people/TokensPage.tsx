import { Page } from '../components/Page.tsx'

/** Being built. */
export function TokensPage() {
  return <Page title="API Tokens">{null}</Page>
}
