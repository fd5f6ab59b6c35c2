import { Page } from '../components/Page.tsx'
import { NeedsPermission } from '../session/NeedsPermission.tsx'
import { LoginAppSection } from './LoginAppSection.tsx'

/** Settings > Access & Authentication > User Authentication: how people sign in to this console. */
export function LoginAppPage() {
  return (
    <Page title="User Authentication" summary="How people sign in to this console." width={760}>
      <NeedsPermission permission="configure">
        <LoginAppSection />
      </NeedsPermission>
    </Page>
  )
}
